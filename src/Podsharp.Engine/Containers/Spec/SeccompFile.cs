using System.Text.Json.Serialization;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>A profile file's shape (reference/seccomp/seccomp.json).</summary>
internal sealed record SeccompFile(
    string DefaultAction,
    uint? DefaultErrnoRet,
    IReadOnlyList<string>? Architectures,
    IReadOnlyList<SeccompArchitecture>? ArchMap,
    IReadOnlyList<string>? Flags,
    IReadOnlyList<SeccompFileRule>? Syscalls);

internal sealed record SeccompArchitecture(string Architecture, IReadOnlyList<string>? SubArchitectures);

internal sealed record SeccompFileRule(
    string? Name,
    IReadOnlyList<string>? Names,
    string Action,
    uint? ErrnoRet,
    IReadOnlyList<SeccompFileArgument>? Args,
    SeccompCondition? Includes,
    SeccompCondition? Excludes);

internal sealed record SeccompFileArgument(uint Index, ulong Value, ulong? ValueTwo, string Op);

internal sealed record SeccompCondition(IReadOnlyList<string>? Arches, IReadOnlyList<string>? Caps, string? MinKernel);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SeccompFile))]
internal sealed partial class SeccompJson : JsonSerializerContext;
