// The sizes for which the lab is drawn, and its two themes: what must be true of the picture is true in all six.
export const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
] as const;
export type Size = (typeof sizes)[number];

export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];

export type Frame = Size & { readonly theme: Theme };

/** Every size in both themes. */
export const frames: readonly Frame[] = sizes.flatMap((size) =>
  themes.map((theme) => ({ ...size, theme })),
);
