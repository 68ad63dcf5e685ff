/** Two short synthesized tones, so that no file has to load. */
const TONES_HZ = [660, 880];
const TONE_S = 0.14;
const LOUDNESS = 0.12;

/** Plays the alert sound. Throws if the browser blocks sound, as it does before the first click. */
export async function chime(): Promise<void> {
	const context = new AudioContext();
	try {
		await context.resume();
		const gain = context.createGain();
		gain.gain.value = LOUDNESS;
		gain.connect(context.destination);
		const ended = TONES_HZ.map((frequency, place) => {
			const tone = context.createOscillator();
			tone.frequency.value = frequency;
			tone.connect(gain);
			tone.start(context.currentTime + place * TONE_S);
			tone.stop(context.currentTime + (place + 1) * TONE_S);
			return new Promise((resolve) => tone.addEventListener('ended', resolve));
		});
		await Promise.all(ended);
	} finally {
		await context.close();
	}
}
