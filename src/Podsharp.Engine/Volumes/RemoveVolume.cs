using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;

namespace Podsharp.Engine.Volumes;

/// <param name="Force">No error when there is no such volume.</param>
public sealed record RemoveVolumeRequest(string Name, bool Force);

public sealed class RemoveVolume(IVolumeStore volumes, VolumeRemoval removal)
{
    public async Task RunAsync(RemoveVolumeRequest request, CancellationToken cancellationToken)
    {
        if (volumes.Find(request.Name) is not { } volume)
        {
            if (request.Force) return;
            throw EngineException.NoSuchVolume(request.Name);
        }

        if (await removal.TryRemoveAsync(volume, cancellationToken)) return;
        var users = removal.UsersOf(volume.Name).Select(container => container.Id.ToString());
        throw EngineException.Conflict($"remove {volume.Name}: volume is in use - [{string.Join(", ", users)}]", "volume is being used");
    }
}
