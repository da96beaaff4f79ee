using System.Text;
using Varve.Restore.Target;

namespace Varve.Tests.Kit;

/// <summary>The directory to restore into, by a path that is text.</summary>
internal static class Target
{
    /// <inheritdoc cref="TargetRoot.Open"/>
    internal static TargetDirectory Open(string path, bool merge = false, Action<TargetDirectory>? completed = null, int? maxOpen = null) =>
        TargetRoot.Open(Encoding.UTF8.GetBytes(path), merge, completed, maxOpen);
}
