using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Registries;

namespace Podsharp.Api.Docker.Registries;

internal static class RegistryOperations
{
    private static readonly Parameter Authentication = Parameter.Header("X-Registry-Auth", "Credentials: JSON in URL-safe base64");

    public static IReadOnlyList<Operation> All =>
    [
        new("POST", "/auth", "SystemAuth", "Try credentials at a registry")
        {
            Body = typeof(AuthConfig),
            Replies = [Reply.Json<LoginReply>("They are good")],
            Errors = [400, 401],
        },
        new("GET", "/images/search", "ImageSearch", "Search a registry")
        {
            Parameters =
            [
                Parameter.Text("term").Needed(), Parameter.Number("limit"), Parameter.Filters("is-automated", "is-official", "stars"), Authentication,
            ],
            Replies = [Reply.Json<SearchResult[]>("What was found")],
            Errors = [400],
        },
        new("GET", "/distribution/{name...}/json", "DistributionInspect", "What a registry has under a name")
        {
            Parameters = [Authentication],
            Replies = [Reply.Json<DistributionReply>("Descriptor and platforms")],
            Errors = [400, 401, 404],
        },
    ];
}
