using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

internal static class HealthReader
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    public static HealthCheck? Read(HealthConfig? config)
    {
        if (config is null) return null;
        if (config.Test is [{ } kind, ..] && kind is not ("NONE" or "CMD" or "CMD-SHELL"))
            throw EngineException.InvalidInput($"invalid Test in Healthcheck: it starts with \"{kind}\"; want NONE, CMD or CMD-SHELL");
        if (config.Retries < 0) throw EngineException.InvalidInput("Retries in Healthcheck cannot be negative");
        return new HealthCheck(
            config.Test ?? [],
            Duration(config.Interval, nameof(config.Interval)),
            Duration(config.Timeout, nameof(config.Timeout)),
            Duration(config.StartPeriod, nameof(config.StartPeriod)),
            Duration(config.StartInterval, nameof(config.StartInterval)),
            config.Retries == 0 ? null : config.Retries);
    }

    private static TimeSpan? Duration(long nanoseconds, string name) => nanoseconds switch
    {
        0 => null,
        < NanosecondsPerMillisecond => throw EngineException.InvalidInput($"{name} in Healthcheck cannot be less than 1ms"),
        _ => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick),
    };
}
