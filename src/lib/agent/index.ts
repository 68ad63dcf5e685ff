// The public interface of this folder.
export { guarded, plainProtocol, signalboxAgent } from './guarded';
export { HistoryReader } from './history-reader';
export { monitored, type MonitoredAgent, type MonitoredRunOptions } from './monitored';
export { OperationsAgent } from './operations/operations-agent';
