using System.Text.Json.Serialization;

namespace Podsharp.Core.Oci;

/// <summary>Programs that the runtime runs at points of a container's life (runtime-spec config.md, POSIX-platform Hooks). Null: none.</summary>
public sealed record RuntimeHooks
{
    public IReadOnlyList<RuntimeHook>? Prestart { get; init; }

    public IReadOnlyList<RuntimeHook>? CreateRuntime { get; init; }

    public IReadOnlyList<RuntimeHook>? CreateContainer { get; init; }

    public IReadOnlyList<RuntimeHook>? StartContainer { get; init; }

    public IReadOnlyList<RuntimeHook>? Poststart { get; init; }

    public IReadOnlyList<RuntimeHook>? Poststop { get; init; }

    [JsonIgnore]
    public bool IsEmpty => this == new RuntimeHooks();

    /// <summary>With one more; null where there is no such point of a container's life.</summary>
    /// <param name="point">Its name in the specification: createRuntime.</param>
    public RuntimeHooks? With(string point, RuntimeHook hook) => point switch
    {
        "prestart" => this with { Prestart = [.. Prestart ?? [], hook] },
        "createRuntime" => this with { CreateRuntime = [.. CreateRuntime ?? [], hook] },
        "createContainer" => this with { CreateContainer = [.. CreateContainer ?? [], hook] },
        "startContainer" => this with { StartContainer = [.. StartContainer ?? [], hook] },
        "poststart" => this with { Poststart = [.. Poststart ?? [], hook] },
        "poststop" => this with { Poststop = [.. Poststop ?? [], hook] },
        _ => null,
    };

    /// <summary>These, then those of another.</summary>
    public RuntimeHooks And(RuntimeHooks other) => new()
    {
        Prestart = Join(Prestart, other.Prestart),
        CreateRuntime = Join(CreateRuntime, other.CreateRuntime),
        CreateContainer = Join(CreateContainer, other.CreateContainer),
        StartContainer = Join(StartContainer, other.StartContainer),
        Poststart = Join(Poststart, other.Poststart),
        Poststop = Join(Poststop, other.Poststop),
    };

    private static IReadOnlyList<RuntimeHook>? Join(IReadOnlyList<RuntimeHook>? one, IReadOnlyList<RuntimeHook>? other) =>
        one is null ? other : other is null ? one : [.. one, .. other];
}

/// <param name="Timeout">Seconds.</param>
public sealed record RuntimeHook(string Path, IReadOnlyList<string>? Args, IReadOnlyList<string>? Env, int? Timeout);
