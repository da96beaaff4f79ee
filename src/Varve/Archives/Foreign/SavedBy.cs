namespace Varve.Archives.Foreign;

/// <summary>Programs whose lists are read.</summary>
internal enum SavedBy
{
    /// <summary>Those formats that Varve writes, too.</summary>
    Own,
    /// <summary><c>zpaq list</c>.</summary>
    Zpaq,
    /// <summary><c>tar -tv</c> of GNU, with or without <c>--full-time</c>.</summary>
    Tar,
    /// <summary><c>tar -tv</c> of libarchive.</summary>
    BsdTar,
    /// <summary><c>restic ls --json</c>.</summary>
    Restic,
    /// <summary><c>borg list --json-lines</c>.</summary>
    Borg,
}
