using Varve.Model;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve;

/// <summary>Where a repository lies.</summary>
public sealed record RepositoryLocation
{
    /// <summary>The place at an address.</summary>
    /// <param name="address">
    /// A local directory; <c>ssh://[USER@]HOST[:PORT]/PATH</c>, where Varve on that machine serves it; or <c>sftp://</c> and the same,
    /// where any server of SFTP does. There names are bytes: what is no plain character is <c>%XX</c>, and a path that begins with
    /// <c>/~/</c> lies in the home directory. What else has a colon before the first slash is no path: it names a kind of store
    /// (<c>s3:bucket</c>), a host or a drive, and there is none of these. A relative path with a colon in its first part begins with
    /// <c>./</c>.
    /// </param>
    /// <exception cref="VarveException">Usage: it is neither; what may be a password in it is not in the message.</exception>
    public RepositoryLocation(string address)
    {
        int colon = address.IndexOf(':', StringComparison.Ordinal), slash = address.IndexOf('/', StringComparison.Ordinal);
        if (SshAddress.IsMeant(address))
        {
            Ssh = SshAddress.Parse(address);
            Address = Ssh.ToString();
            return;
        }

        if (colon >= 0 && (slash < 0 || colon < slash))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{SshAddress.WithoutSecrets(address)}'"),
                $"is no directory's path, and there is no store of the kind '{address[..(colon + 1)]}'", Advice.NameDirectoryPath);
        }

        Address = address;
    }

    /// <summary>A place whose store another assembly opens.</summary>
    /// <param name="address">The address, the same for all its spellings, without secrets.</param>
    /// <param name="open">Opens the store.</param>
    internal RepositoryLocation(string address, Func<StoreOpening, IStore> open) => (Address, Opener) = (address, open);

    /// <summary>A local directory as it was given, or an address, the same for all its spellings.</summary>
    public string Address { get; }

    /// <summary>Whether it is on another machine, as far as the address says.</summary>
    public bool IsRemote => Ssh is not null || Opener is not null;

    /// <summary>
    /// What leads to another machine: ssh, or a program that takes its arguments, and arguments of its own before those; parted by blanks,
    /// unless they stand in quotes.
    /// </summary>
    public string SshCommand { get; init; } = "ssh";

    /// <summary>
    /// What is run on the other machine to serve the repository, for its shell; the path follows, quoted. Nothing with SFTP.
    /// </summary>
    public string ServeCommand { get; init; } = "varve serve --stdio --repository";

    /// <summary>
    /// How long another machine that cannot be reached is waited for, from a request's first failure on; zero: some 20 seconds once it was
    /// reached, and not at all before.
    /// </summary>
    public TimeSpan WaitFor { get; init; }

    /// <summary>
    /// How many bytes a second go to another machine at most, 16 KiB at least, for each time that the repository is open; null: as the line
    /// takes them. A directory knows no such limit.
    /// </summary>
    public long? UploadLimit { get; init; }

    /// <summary>As <see cref="UploadLimit"/>, of what comes from there.</summary>
    public long? DownloadLimit { get; init; }

    /// <summary>Where it is on another machine; null for a local directory.</summary>
    internal SshAddress? Ssh { get; }

    /// <summary>Opens a store that another assembly has; null for those that are known here.</summary>
    internal Func<StoreOpening, IStore>? Opener { get; }

    /// <summary>The same place by whichever path it was named, but for symlinks.</summary>
    internal string FullPath => IsRemote ? Address : Path.TrimEndingDirectorySeparator(Path.GetFullPath(Address));
}
