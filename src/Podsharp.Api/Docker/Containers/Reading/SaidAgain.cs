using Podsharp.Api.Queries;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>
/// Names under which clients say in a body what the query says already. dockerode writes its options into both, docker-java and Docker.DotNet.Enhanced
/// whatever their requests hold. What only the body says nobody would obey, so those names are unknown there.
/// </summary>
internal sealed class SaidAgain(params (string Name, string Parameter)[] names)
{
    /// <returns>The names whose parameter is in this query.</returns>
    public string[] In(QueryReader query) => [.. names.Where(one => query.Has(one.Parameter)).Select(one => one.Name)];
}
