using Podsharp.Api.Http;
using Podsharp.Api.Queries;
using Podsharp.Api.Specification;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Builds;

namespace Podsharp.Api.Docker.Builds;

/// <summary>The build cache: there is none, so there is nothing to prune.</summary>
internal static class BuildRoutes
{
    private static readonly string[] Keys = ["description", "id", "immutable", "inuse", "label", "mutable", "parent", "private", "shared", "type", "until"];
    private static readonly string[] Limits = ["keep-storage", "reserved-space", "max-used-space", "min-free-space"];

    public static IReadOnlyList<Operation> Operations =>
    [
        new("POST", "/build/prune", "BuildPrune", "Drop the build cache")
        {
            Parameters =
            [
                Parameter.Flag("all", "Also what is not dangling"),
                .. Limits.Select(static name => Parameter.Number(name, "Bytes")),
                Parameter.Filters(Keys),
            ],
            Replies = [Reply.Json<PruneBuildsReply>("What was dropped")],
            Errors = [400],
        },
    ];

    public static void Map(RouteTable routes) => routes.Post("/build/prune", PruneAsync);

    private static Task PruneAsync(ApiRequest request)
    {
        request.Query.Bool("all");
        foreach (var limit in Limits) request.Query.Long(limit);
        CheckUntil(request.Query.Filters(Keys)["until"]);
        return request.ReplyJsonAsync(new PruneBuildsReply(null, 0), BuildJson.Default.PruneBuildsReply);
    }

    private static void CheckUntil(IReadOnlyList<string> until)
    {
        if (until.Count > 1) throw EngineException.InvalidInput("failed to prune build cache: filters expect only one value");
        if (until is [var text] && !TimeText.TryParse(text, TimeProvider.System.GetUtcNow(), out _))
            throw EngineException.InvalidInput(
                $"failed to prune build cache: \"until\" filter expects a duration (e.g., '24h') or a timestamp: failed to parse value as time or duration: \"{text}\"");
    }
}
