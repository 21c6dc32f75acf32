using Podsharp.Core.Volumes;

namespace Podsharp.Testing;

/// <summary>Volumes in memory; no directory is made.</summary>
public sealed class FakeVolumeStore(string directory = "/fake/volumes") : IVolumeStore
{
    private readonly Dictionary<string, Volume> _volumes = [];

    /// <summary>Copy-ups asked for, in order.</summary>
    public List<(string Volume, string RootPath, string Directory)> CopiedUp { get; } = [];

    public IReadOnlyCollection<Volume> All => [.. _volumes.Values];

    public Volume? Find(string name) => _volumes.GetValueOrDefault(name);

    public string PathOf(string name) => Path.Join(directory, name, "data");

    /// <summary>Puts a volume in without awaiting, for arranging tests.</summary>
    public Volume Put(Volume volume) => _volumes[volume.Name] = volume;

    public ValueTask<Volume> AddAsync(Volume volume, CancellationToken cancellationToken) =>
        new(_volumes.TryGetValue(volume.Name, out var present) ? present : Put(volume));

    public ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
    {
        _volumes.Remove(name);
        return ValueTask.CompletedTask;
    }

    public ValueTask CopyUpAsync(string name, string rootPath, string directory, CancellationToken cancellationToken)
    {
        CopiedUp.Add((name, rootPath, directory));
        return ValueTask.CompletedTask;
    }
}
