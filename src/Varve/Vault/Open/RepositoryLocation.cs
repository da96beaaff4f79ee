using Varve.Model;

namespace Varve;

/// <summary>Where a repository lies.</summary>
public sealed record RepositoryLocation
{
    /// <summary>The place at a path.</summary>
    /// <param name="path">
    /// A local directory. What has a colon before the first slash is no path: it names a kind of store (<c>s3:bucket</c>), a host or a
    /// drive, and there is none of these. A relative path with a colon in its first part begins with <c>./</c>.
    /// </param>
    /// <exception cref="VarveException">Usage: it is no path.</exception>
    public RepositoryLocation(string path)
    {
        int colon = path.IndexOf(':', StringComparison.Ordinal), slash = path.IndexOf('/', StringComparison.Ordinal);
        if (colon >= 0 && (slash < 0 || colon < slash))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{path}'"),
                $"is no directory's path, and there is no store of the kind '{path[..(colon + 1)]}'", Advice.NameDirectoryPath);
        }

        Path = path;
    }

    /// <summary>A local directory.</summary>
    public string Path { get; }

    /// <summary>The same place by whichever path it was named, but for symlinks.</summary>
    internal string FullPath => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path));
}
