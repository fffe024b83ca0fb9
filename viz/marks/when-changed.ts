/*
 * Draws only what differs from what was drawn last: writing the same attributes again costs a browser as much as
 * writing new ones, and from one picture to the next most marks stay as they are.
 */

/** `draw` must depend on nothing but what it is given: plain data, no Maps and no functions. */
export function whenChanged<Views extends readonly unknown[]>(
  draw: (...views: Views) => void,
): (...views: Views) => void {
  let drawn = "";
  return (...views) => {
    const look = JSON.stringify(views);
    if (look === drawn) return;
    drawn = look;
    draw(...views);
  };
}
