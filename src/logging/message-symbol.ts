/** Where winston keeps the text that a format has made of a record. */
export const MESSAGE: unique symbol = Symbol.for('message');
