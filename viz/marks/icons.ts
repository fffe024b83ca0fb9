/* Icons as paths in a 16x16 box, so that no font can change them. */
export const icons = {
  star: "M8 1.2l2.1 4.3 4.7.7-3.4 3.3.8 4.7L8 12l-4.2 2.2.8-4.7L1.2 6.2l4.7-.7z",
  check: "M2.5 8.5l3.8 3.8 7.2-8",
  pin: "M5,1H11V2.5H10V7L12.5,9.5V11H8.8V15L8,16L7.2,15V11H3.5V9.5L6,7V2.5H5Z",
  cross: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  question: "M4.2 5.4a3.8 3.8 0 1 1 5.6 3.3c-1.2.7-1.8 1.2-1.8 2.6M8 13v2",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  stepForward: "M3 3v10l7-5zM11 3h2v10h-2z",
  toStart: "M1.5 3h2v10h-2zM9 3v10L4 8zM14.5 3v10l-5-5z",
  stepBack: "M13 3v10L6 8zM3 3h2v10H3z",
  disc: "M1.5 8a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0",
  ring: "M2.5 8a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0",
  dots: "M1.5 8a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0M6.5 8a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0M11.5 8a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0",
  back: "M10.5 2.5L5 8l5.5 5.5",
  on: "M5.5 2.5L11 8l-5.5 5.5",
  flag: "M4 15V1.5h8.5L10 4.8l2.5 3.2H4",
  bolt: "M9.5 1L3 9h4l-1 6 7-8.5H8.8z",
  plug: "M6 1.5v4M10 1.5v4M4 5.5h8v2.8a4 4 0 0 1-8 0zM8 12.3V15",
  restart: "M13 8a5 5 0 1 1-1.6-3.7M13 1.8v3.4H9.6",
  undo: "M5.5 2.5L2.5 5.5l3 3M2.5 5.5h6.6a3.9 3.9 0 0 1 0 7.8H5",
  menu: "M2 3.5h12M2 8h12M2 12.5h12",
  link: "M6.5 9.5a2.8 2.8 0 0 0 4 0l2.3-2.3a2.8 2.8 0 0 0-4-4L7.6 4.4M9.5 6.5a2.8 2.8 0 0 0-4 0L3.2 8.8a2.8 2.8 0 0 0 4 4l1.2-1.2",
  theme: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 3v10a5 5 0 0 1 0-10z",
  stop: "M3 3h10v10H3z",
  fence: "M3.5 14V3M8 14V3M12.5 14V3M1.5 6.5h13M1.5 11h13",
  alarm: "M8 1.5v8.5M8 12.5v2.2",
  hourglass: "M4 1.5h8M4 14.5h8M5 1.5c0 4 6 5 6 6.5s-6 2.5-6 6.5M11 1.5c0 4-6 5-6 6.5s6 2.5 6 6.5",
} as const;

export type Icon = keyof typeof icons;

/** Icons that are lines rather than areas. */
export const isLine = (icon: Icon): boolean =>
  [
    "check",
    "cross",
    "question",
    "ring",
    "back",
    "on",
    "plug",
    "restart",
    "undo",
    "menu",
    "link",
    "hourglass",
    "fence",
    "alarm",
  ].includes(icon);
