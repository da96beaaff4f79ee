namespace Varve.Model.Changes;

/// <summary>What of an entry is another between two of its states.</summary>
[Flags]
internal enum EntryProperties
{
    /// <summary>Nothing that is compared.</summary>
    None = 0,
    /// <summary>What kind it is of; then nothing else is compared.</summary>
    Kind = 1,
    /// <summary>The bytes of a file.</summary>
    Content = 2,
    /// <summary>Where a symlink points.</summary>
    Target = 4,
    /// <summary>The numbers of a device.</summary>
    Device = 8,
    /// <summary>The permission bits.</summary>
    Mode = 16,
    /// <summary>Owner or group.</summary>
    Owner = 32,
    /// <summary>The time of the last modification.</summary>
    Modified = 64,
    /// <summary>Extended attributes, ACLs and capabilities among them.</summary>
    Xattrs = 128,
    /// <summary>Attributes such as immutable.</summary>
    Attributes = 256,
    /// <summary>What makes it another file, link or device, and not the same one with other metadata.</summary>
    OfContent = Kind | Content | Target | Device,
}
