namespace Varve.App.Daemon.Control;

/// <summary>How much a line matters, by syslog's numbers.</summary>
internal enum LogLevel
{
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
}
