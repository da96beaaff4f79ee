using System.Reflection;

namespace Varve.Backup.Run;

/// <summary>The program's version, as snapshots record it.</summary>
internal static class ProgramVersion
{
    internal static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
