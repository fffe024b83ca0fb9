/** The element's own styles: its size is the page's business, 16:9 if that says nothing. */
export const elementStyles = `
:host { display: block; min-width: 320px; min-height: 240px; contain: layout; container: element / inline-size; }
:host([hidden]) { display: none; }
.frame { width: 100%; aspect-ratio: 16 / 9; min-height: 240px; height: var(--hw-height, auto); }
:host([view="logs"]) .frame, :host([view="time"]) .frame { aspect-ratio: auto; height: var(--hw-height, 470px); }
:host([view="time"]) .frame { height: var(--hw-height, 190px); }
/* As narrow as a phone, it is laid out as on a phone: below one another. */
@container element (max-width: 759px) {
  .frame { aspect-ratio: auto; height: var(--hw-height, 640px); }
}
.problem { margin: 8px; padding: 8px; border: 2px solid #a63c00; color: #a63c00; font: 16px/1.4 system-ui, sans-serif; }
.problem[hidden], slot[hidden] { display: none; }
`;
