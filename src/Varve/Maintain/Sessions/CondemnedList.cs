using Varve.Format;
using Varve.Tree;

namespace Varve.Maintain.Sessions;

/// <summary>A list of condemned packs that counts.</summary>
/// <param name="Name">Its object's name.</param>
/// <param name="Content">What it says.</param>
internal sealed record CondemnedList(ObjectName Name, CondemnedPacks Content)
{
    /// <summary>Where it lies.</summary>
    internal string Key => ObjectKeys.Condemned + Name;
}
