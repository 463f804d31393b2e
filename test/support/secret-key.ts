/** What the tests' ledgers are sealed with, as a product's are with its secret key. */
export const testKey = Buffer.alloc(32, 'truce');
