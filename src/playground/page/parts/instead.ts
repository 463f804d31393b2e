/** An event's handler that does `work` and not what the browser would do. */
export const instead = (work: () => void) => (event: Event) => {
  event.preventDefault();
  work();
};
