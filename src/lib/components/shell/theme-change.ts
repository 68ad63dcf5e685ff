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

/**
 * A token's colour as it is now, for what cannot use CSS, such as a canvas. Whoever reads it in an
 * effect is told when the theme changes.
 */
export function readColour(element: HTMLElement, token: `--${string}`): string {
	subscribe();
	const probe = element.appendChild(document.createElement('span'));
	probe.style.color = `var(${token})`;
	const colour = getComputedStyle(probe).color;
	probe.remove();
	return colour;
}
