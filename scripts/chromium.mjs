// Prints the path of a Chromium for the e2e tests, installing one if need be.
import { ensureChromium, NO_CHROMIUM } from './lib/chromium.mjs';

const file = await ensureChromium();
if (file) {
	console.log(file);
} else {
	console.error(NO_CHROMIUM);
	process.exitCode = 1;
}
