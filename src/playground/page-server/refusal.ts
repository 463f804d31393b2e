/** Something that the page asked for and cannot have; the message is shown to the person. */
export class PageRefusal extends Error {}
