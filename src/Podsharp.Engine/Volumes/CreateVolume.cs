using System.Buffers;
using System.Security.Cryptography;
using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Volumes;

/// <param name="Name">Empty: a random one, and the volume is anonymous.</param>
/// <param name="Driver">Empty: local.</param>
public sealed record CreateVolumeRequest(
    string Name, string Driver, IReadOnlyDictionary<string, string> Options, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>It belongs to one container and goes with it, though the caller has chosen its name.</summary>
    public bool Anonymous { get; init; }

    /// <summary>See <see cref="Volume.Given"/>.</summary>
    public VolumeGiven Given { get; init; }
}

/// <summary>Makes a volume, or answers the one of this name that is there already.</summary>
public sealed class CreateVolume(IVolumeStore volumes, EventPublisher events, TimeProvider clock)
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    public async Task<Volume> RunAsync(CreateVolumeRequest request, CancellationToken cancellationToken)
    {
        var name = request.Name.Length > 0 ? request.Name : RandomNumberGenerator.GetHexString(64, lowercase: true);
        CheckName(name);
        if (request.Driver is not ("" or "local"))
            throw new EngineException(ErrorKind.NotFound, $"create {name}: error looking up volume plugin {request.Driver}: plugin \"{request.Driver}\" not found");
        if (volumes.Find(name) is { } present) return present;
        VolumeMount.Check(request.Options, $"create {name}");

        var volume = await volumes.AddAsync(
            new Volume
            {
                Name = name,
                Created = clock.GetUtcNow(),
                MountPoint = volumes.PathOf(name),
                Anonymous = request.Anonymous || request.Name.Length == 0,
                Options = request.Options,
                Labels = request.Labels,
                Given = request.Given,
            },
            cancellationToken);
        events.Volume(volume, "create");
        return volume;
    }

    private static void CheckName(string name)
    {
        if (name.Length < 2)
            throw EngineException.InvalidInput($"create {name}: volume name is too short, names should be at least two alphanumeric characters");
        if (name.AsSpan().ContainsAnyExcept(NameCharacters) || !char.IsAsciiLetterOrDigit(name[0]) || name.Length > 255)
        {
            throw EngineException.InvalidInput(
                $"create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. "
                + "If you intended to pass a host directory, use absolute path");
        }
    }
}
