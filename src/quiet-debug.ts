// Must be the first import of the process. For every message to and from a browser puppeteer makes a logger of the
// package "debug", and each one asks the terminal whether it has colours, unless this says so.
process.env.DEBUG_COLORS ??= 'no';
