using Varve.Model;

namespace Varve.Restore.Place;

/// <summary>Is told of each path that the snapshot has not: that it went, or why it stayed.</summary>
internal delegate void TellSwept(byte[] path, in EntryStat stat, string? kept, int error);
