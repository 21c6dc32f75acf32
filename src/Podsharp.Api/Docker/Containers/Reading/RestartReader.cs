using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;
using RestartPolicy = Podsharp.Core.Containers.RestartPolicy;

namespace Podsharp.Api.Docker.Containers.Reading;

internal static class RestartReader
{
    public static RestartPolicy Read(HostConfig host)
    {
        if (host.RestartPolicy is not { } policy) return new RestartPolicy();
        var kind = policy.Name switch
        {
            "" or "no" => RestartKind.No,
            "always" => RestartKind.Always,
            "on-failure" => RestartKind.OnFailure,
            "unless-stopped" => RestartKind.UnlessStopped,
            _ => throw Invalid($"unknown policy '{policy.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"),
        };
        if (policy.MaximumRetryCount != 0 && kind != RestartKind.OnFailure)
            throw Invalid("maximum retry count can only be used with 'on-failure'" + (policy.MaximumRetryCount < 0 ? " and cannot be negative" : ""));
        if (policy.MaximumRetryCount < 0) throw Invalid("maximum retry count cannot be negative");
        if (host.AutoRemove && kind != RestartKind.No)
            throw EngineException.InvalidInput("can't create 'AutoRemove' container with restart policy");
        return new RestartPolicy(kind, policy.MaximumRetryCount, policy.Name);
    }

    private static EngineException Invalid(string why) => EngineException.InvalidInput("invalid restart policy: " + why);
}
