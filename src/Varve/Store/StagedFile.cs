using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <summary>A staged object of a local store: its temporary file, which <see cref="Commit"/> gives its name. Takes no memory.</summary>
internal sealed class StagedFile(LocalStore store, byte[] temporary, SafeFd file) : IStagedObject
{
    private SafeFd _file = file;

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int errno = Posix.WriteAll(_file.Value, bytes);
        if (errno != 0) { throw LocalStore.Error(errno, "written", Subject.Repository(store.Description).Within("a new object")); }
    }

    /// <inheritdoc/>
    public bool Commit(string key)
    {
        bool made = store.Publish(key, temporary, _file, replace: false);
        _file.Close();
        _file = default;
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_file.IsOpen) { return; }
        store.Discard(temporary);
        _file.Close();
        _file = default;
    }
}
