using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Podsharp.Api.Specification;

namespace Podsharp.ApiSpec;

/// <summary>The routes of both dialects as Swashbuckle wants to be told of endpoints: a group a dialect. The rest is <see cref="OperationFilter"/>'s.</summary>
internal sealed class OperationDescriptions : IApiDescriptionGroupCollectionProvider
{
    public const string Docker = "docker";
    public const string Libpod = "libpod";

    public ApiDescriptionGroupCollection ApiDescriptionGroups { get; } = new(
        [Group(Docker, "/", ApiOperations.Docker()), Group(Libpod, "/libpod/", ApiOperations.Libpod())], version: 1);

    public static Operation OperationOf(ApiDescription description) => (Operation)description.ActionDescriptor.Properties[typeof(Operation)]!;

    private static ApiDescriptionGroup Group(string dialect, string prefix, IReadOnlyList<Operation> operations) =>
        new(dialect, [.. operations.Select(operation => Description(dialect, prefix, operation))]);

    private static ApiDescription Description(string dialect, string prefix, Operation operation) => new()
    {
        GroupName = dialect,
        HttpMethod = operation.Method,
        RelativePath = (prefix + operation.Pattern.TrimStart('/')).TrimStart('/').Replace("...}", "}", StringComparison.Ordinal),
        ActionDescriptor = new ActionDescriptor
        {
            DisplayName = operation.Id,
            RouteValues = { ["controller"] = operation.Tag },
            Properties = { [typeof(Operation)] = operation },
        },
    };
}
