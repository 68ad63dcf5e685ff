import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
	const system = matchMedia('(prefers-color-scheme: dark)');
	system.addEventListener('change', update);
	const switched = new MutationObserver(update);
	switched.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
	return () => {
		system.removeEventListener('change', update);
		switched.disconnect();
	};
});

/** The current colour of a token, for a canvas. Effects that read it run again on a theme change. */
export function readColour(element: HTMLElement, token: `--${string}`): string {
	subscribe();
	const probe = element.appendChild(document.createElement('span'));
	probe.style.color = `var(${token})`;
	const colour = getComputedStyle(probe).color;
	probe.remove();
	return colour;
}
