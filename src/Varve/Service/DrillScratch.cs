using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Locks;

namespace Varve.Service;

/// <summary>
/// A directory for what a drill restores, for the owner alone, emptied through its descriptor. It is marked for as long as the drill lives,
/// so that a later one can tell what a killed one left, and removes that first.
/// </summary>
internal sealed class DrillScratch : IDisposable
{
    private const string Prefix = "varve-drill-";

    private readonly PrivateDirectory _parent, _own;
    private readonly byte[] _name;

    private DrillScratch(PrivateDirectory parent, PrivateDirectory own, byte[] name) => (_parent, _own, _name) = (parent, own, name);

    /// <summary>Where it is.</summary>
    internal byte[] Path => Encoding.UTF8.GetBytes(_own.Path);

    /// <summary>Removes what killed drills left, and makes one.</summary>
    /// <exception cref="VarveException">Storage: it cannot be made.</exception>
    internal static DrillScratch Create(string parent)
    {
        PrivateDirectory above = PrivateDirectory.Open(parent, Subject.Path(parent), Advice.CheckDirectory);
        RemoveLeftovers(above);
        while (true)
        {
            byte[] name = Encoding.ASCII.GetBytes(Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true));
            int errno = above.MakeChild(name, out PrivateDirectory? own);
            if (own is null)
            {
                above.Dispose();
                throw new VarveException(ErrorKind.Storage, Subject.Path(parent), "cannot hold what is restored: " + Errno.Message(errno),
                    Advice.CheckDirectory);
            }

            if (OwnerLock.Mark(own.Fd)) { return new DrillScratch(above, own, name); }
            own.Dispose(); // another drill took it for a leftover
        }
    }

    private static void RemoveLeftovers(PrivateDirectory directory)
    {
        if (directory.List(out List<string> names) != 0) { return; }
        foreach (string left in names.Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            byte[] name = Encoding.UTF8.GetBytes(left);
            if (!OwnerLock.TryTakeOver(directory.Fd, name, out SafeFd taken)) { continue; }
            directory.RemoveTree(name);
            taken.Close();
        }
    }

    /// <summary>Removes it; what cannot be removed is left to the next drill.</summary>
    public void Dispose()
    {
        _own.Empty();
        Posix.UnlinkAt(_parent.Fd, _name, Posix.AT_REMOVEDIR);
        _own.Dispose();
        _parent.Dispose();
    }
}
