using Varve.Model;
using Varve.Pack;
using Varve.Seal;
using PackHeader = Varve.Pack.PackHeader;

namespace Varve.Repositories;

/// <summary>Reads what a pack holds from its own footer.</summary>
internal static class FooterReader
{
    private const int MaxFooter = 64 << 20;

    /// <exception cref="VarveException">Damaged or NotFound, naming the pack.</exception>
    internal static PackContents Read(Repository repository, ObjectName name, long size)
    {
        string key = ObjectKeys.Pack(name);
        try
        {
            if (size < PackLayout.HeaderLength + PackLayout.TailLength) { throw VarveException.Damaged(key, "it is cut short"); }
            var header = new byte[PackLayout.HeaderLength];
            repository.Store.GetRange(key, 0, header);
            PackKind kind = PackHeader.Parse(header, name);
            Span<byte> tail = stackalloc byte[PackLayout.TailLength];
            repository.Store.GetRange(key, size - tail.Length, tail);
            int length = PackFooter.ReadTail(tail, size, name);
            long start = size - tail.Length - length;
            if (length > MaxFooter || start < PackLayout.HeaderLength) { throw VarveException.Damaged(key, "its footer is longer than the pack"); }
            var sealedFooter = new byte[length];
            repository.Store.GetRange(key, start, sealedFooter);
            byte[] plain = repository.Objects.Open(ObjectType.Footer, header, sealedFooter);
            return PackFooter.Decode(plain, name, kind, size);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged && !e.Message.Contains(key, StringComparison.Ordinal))
        {
            throw new VarveException(ErrorKind.Damaged, $"{key} is damaged: {e.Message}", e.Hint, e);
        }
    }
}
