using System.IO.MemoryMappedFiles;

namespace Varve.Tests.Kit.Processes;

/// <summary>Has a file mapped and stores numbers to it when told to.</summary>
internal sealed class MappedWriter : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <param name="path">The file, which exists.</param>
    public MappedWriter(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor();
    }

    public void Store(long number, long page = 0) => _view.Write(page * 4096, number);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
