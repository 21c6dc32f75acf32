using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

internal static class LogReader
{
    public static LogSpec Read(LogConfig? config)
    {
        if (config is null) return new LogSpec();
        if (config.Type is not ("" or "json-file" or "k8s-file" or "local" or "journald" or "none"))
            throw EngineException.InvalidInput($"error looking up logging plugin {config.Type}: plugin \"{config.Type}\" not found");
        return new LogSpec(config.Type, config.Config ?? new Dictionary<string, string>());
    }
}
