// The browser comes from scripts/ensure-browser (system Chromium, Chrome, or one that it installs),
// so `npm ci` must not download a second one, nor fail where only a package registry is reachable.
module.exports = { skipDownload: true };
