using Varve.Model;

namespace Varve.Repositories;

/// <summary>Directories of the cache: for the owner alone, because the catalog and the index tell names and sizes.</summary>
internal static class PrivateDirectory
{
    internal static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Cache(path), $"cannot be created: {e.Message}", Advice.ChooseCache, e);
        }
    }
}
