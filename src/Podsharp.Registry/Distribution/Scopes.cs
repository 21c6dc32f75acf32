using Podsharp.Core.Registries;

namespace Podsharp.Registry.Distribution;

/// <summary>What tokens are asked for, in the words of the field's token scheme.</summary>
internal static class Scopes
{
    public static IReadOnlyList<string> None { get; } = [];

    public static IReadOnlyList<string> Catalogue { get; } = ["registry:catalog:*"];

    public static IReadOnlyList<string> For(string repository, RepositoryAccess access) =>
        [$"repository:{repository}:{(access == RepositoryAccess.PullAndPush ? "pull,push" : "pull")}"];

    /// <summary>To mount a blob of another repository.</summary>
    public static IReadOnlyList<string> ForMount(string repository, string from) =>
        [.. For(repository, RepositoryAccess.PullAndPush), .. For(from, RepositoryAccess.Pull)];
}
