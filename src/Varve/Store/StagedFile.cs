using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <summary>A staged object of a local store: its temporary file, which <see cref="Commit"/> gives its name. Takes no memory.</summary>
internal sealed class StagedFile(ObjectWriter writer, string store, byte[] temporary, SafeFd file) : IStagedObject
{
    private SafeFd _file = file;

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int errno = Posix.WriteAll(_file.Value, bytes);
        if (errno != 0) { throw StoreErrors.Error(errno, "written", Subject.Repository(store).Within("a new object")); }
    }

    /// <inheritdoc/>
    public bool Commit(string key)
    {
        bool made = writer.Publish(key, temporary, _file, replace: false);
        _file.Close();
        _file = default;
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_file.IsOpen) { return; }
        writer.Discard(temporary);
        _file.Close();
        _file = default;
    }
}
