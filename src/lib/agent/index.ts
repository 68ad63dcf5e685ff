// The Agents' one door.
export { HistoryReader } from './history-reader';
export { monitored, type MonitoredAgent, type MonitoredRunOptions } from './monitored';
export { OperationsAgent } from './operations/operations-agent';
export { AisleAgent } from './samples/aisle-agent';
export { StoreAgent } from './samples/store-agent';
