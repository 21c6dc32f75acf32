using System.Collections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Podsharp.Api.Http;
using Podsharp.Api.Specification;

namespace Podsharp.Api.Tests;

/// <summary>The API of the service, where a handler that reads a query parameter which its operation does not name fails.</summary>
internal sealed class DeclaredQueries(PodsharpApi api) : IHttpApplication<HttpContext>
{
    private static readonly RouteTable Routes = PodsharpApi.DockerTable();
    private static readonly Dictionary<(string, string), Operation> Operations =
        ApiOperations.Docker().ToDictionary(operation => (operation.Method, operation.Pattern));

    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        var context = api.CreateContext(contextFeatures);
        if (OperationOf(context) is { } operation) context.Request.Query = new Query(context.Request.Query, operation);
        return context;
    }

    public Task ProcessRequestAsync(HttpContext context) => api.ProcessRequestAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception) => api.DisposeContext(context, exception);

    private static Operation? OperationOf(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].Split('/')[1..];
        if (path.Length > 1 && path[0].StartsWith('v') && ApiVersion.TryParse(path[0].AsSpan(1), out _)) path = path[1..];
        return Routes.Find(context.Request.Method, path, out _) is { } route ? Operations.GetValueOrDefault((route.Method, route.Pattern)) : null;
    }

    private sealed class Query(IQueryCollection inner, Operation operation) : IQueryCollection
    {
        public int Count => inner.Count;

        public ICollection<string> Keys => inner.Keys;

        public StringValues this[string key] => inner[Checked(key)];

        public bool ContainsKey(string key) => inner.ContainsKey(Checked(key));

        public bool TryGetValue(string key, out StringValues value) => inner.TryGetValue(Checked(key), out value);

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => inner.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private string Checked(string key) => operation.Parameters.Any(parameter => !parameter.InHeader && parameter.Name == key)
            ? key
            : throw new InvalidOperationException($"{operation.Id} reads the query parameter {key}, which its operation does not name");
    }
}
