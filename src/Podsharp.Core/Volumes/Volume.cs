namespace Podsharp.Core.Volumes;

/// <summary>A volume of the local driver.</summary>
public sealed record Volume
{
    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Directory on the host that containers see.</summary>
    public required string MountPoint { get; init; }

    public string Driver { get; init; } = "local";

    /// <summary>Made without a name, for one container.</summary>
    public bool Anonymous { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Options and labels were given, though they may be empty; kept for inspection only.</summary>
    public VolumeGiven Given { get; init; }
}

/// <summary>What the maker of a volume named, if only to say that there is none.</summary>
public readonly record struct VolumeGiven(bool Options, bool Labels);

/// <summary>The index of volumes and their directories; reads answer from memory.</summary>
public interface IVolumeStore
{
    IReadOnlyCollection<Volume> All { get; }

    Volume? Find(string name);

    /// <summary>Where a volume of this name has its directory.</summary>
    string PathOf(string name);

    /// <summary>Makes the directory and the record, or returns the record that is there already.</summary>
    ValueTask<Volume> AddAsync(Volume volume, CancellationToken cancellationToken);

    /// <summary>Removes record and content; no error when it is gone.</summary>
    ValueTask RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Fills an empty volume with the content, owner and mode of a directory below a mounted root; nothing when it is not empty or there is no such directory.</summary>
    ValueTask CopyUpAsync(string name, string rootPath, string directory, CancellationToken cancellationToken);
}
