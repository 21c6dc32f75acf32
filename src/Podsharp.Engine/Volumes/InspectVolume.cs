using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;

namespace Podsharp.Engine.Volumes;

public sealed class InspectVolume(IVolumeStore volumes)
{
    public Volume Run(string name) => volumes.Find(name) ?? throw EngineException.NoSuchVolume(name);
}
