namespace Varve.Backup.Watched;

/// <summary>
/// A run that looked only where something had changed cannot tell what the source is: all is looked at instead. Caught by who began it.
/// </summary>
internal sealed class UnsettledException() : Exception("more may have changed than what was looked at");
