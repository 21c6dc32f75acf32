using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Http;

/// <summary>
/// All routes of one dialect, without version prefix. A handler is a static method that names the verbs it runs as parameters;
/// they are singletons, resolved when the route is first asked for, so that starting costs nothing.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, List<Route>> _byFirstSegment = [];

    public IEnumerable<Route> All => _byFirstSegment.Values.SelectMany(routes => routes);

    public void Get(string pattern, Func<ApiRequest, Task> handler) => Add("GET", pattern, handler);

    public void Get<T>(string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull => Add("GET", pattern, handler);

    public void Get<T1, T2>(string pattern, Func<ApiRequest, T1, T2, Task> handler)
        where T1 : notnull
        where T2 : notnull => Add("GET", pattern, handler);

    public void Head(string pattern, Func<ApiRequest, Task> handler) => Add("HEAD", pattern, handler);

    public void Head<T>(string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull => Add("HEAD", pattern, handler);

    public void Post(string pattern, Func<ApiRequest, Task> handler) => Add("POST", pattern, handler);

    public void Post<T>(string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull => Add("POST", pattern, handler);

    public void Post<T1, T2>(string pattern, Func<ApiRequest, T1, T2, Task> handler)
        where T1 : notnull
        where T2 : notnull => Add("POST", pattern, handler);

    /// <summary>A POST whose handler calls <see cref="ApiRequest.HijackAsync"/>.</summary>
    public void PostHijacked<T>(string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull =>
        Add(new Route("POST", pattern, With(handler)) { Hijacks = true });

    /// <summary>A GET whose handler calls <see cref="ApiRequest.AcceptWebSocketAsync"/>.</summary>
    public void GetHijacked<T>(string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull =>
        Add(new Route("GET", pattern, With(handler)) { Hijacks = true });

    public void PostHijacked<T1, T2>(string pattern, Func<ApiRequest, T1, T2, Task> handler)
        where T1 : notnull
        where T2 : notnull =>
        Add(new Route("POST", pattern, With(handler)) { Hijacks = true });

    public void Put<T>(string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull => Add("PUT", pattern, handler);

    public void Delete<T>(string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull => Add("DELETE", pattern, handler);

    /// <summary>A route that only says that the engine has no such thing.</summary>
    public void Refuse(string method, string pattern, ErrorKind kind, string message) =>
        Add(new Route(method, pattern, (_, _) => throw new EngineException(kind, message)) { IsRefusal = true });

    /// <summary>The most specific route for the path and method; null and <paramref name="allowed"/> empty where the path is unknown.</summary>
    /// <param name="allowed">Methods that the path has, when it has not this one.</param>
    public Route? Find(string method, ReadOnlySpan<string> path, out List<string> allowed)
    {
        allowed = [];
        if (path.Length == 0 || !_byFirstSegment.TryGetValue(path[0], out var candidates)) return null;

        Route? asGet = null;
        foreach (var route in candidates)
        {
            if (!route.Matches(path)) continue;
            if (route.Method == method) return route;
            if (method == "HEAD" && route.Method == "GET") asGet ??= route;
            if (!allowed.Contains(route.Method)) allowed.Add(route.Method);
        }

        return asGet;
    }

    private void Add(string method, string pattern, Func<ApiRequest, Task> handler) =>
        Add(new Route(method, pattern, (request, _) => handler(request)));

    private void Add<T>(string method, string pattern, Func<ApiRequest, T, Task> handler)
        where T : notnull =>
        Add(new Route(method, pattern, With(handler)));

    private void Add<T1, T2>(string method, string pattern, Func<ApiRequest, T1, T2, Task> handler)
        where T1 : notnull
        where T2 : notnull =>
        Add(new Route(method, pattern, With(handler)));

    private static RouteHandler With<T>(Func<ApiRequest, T, Task> handler)
        where T : notnull =>
        async (request, services) => await handler(request, (await services).GetRequiredService<T>());

    private static RouteHandler With<T1, T2>(Func<ApiRequest, T1, T2, Task> handler)
        where T1 : notnull
        where T2 : notnull => async (request, services) =>
    {
        var verbs = await services;
        await handler(request, verbs.GetRequiredService<T1>(), verbs.GetRequiredService<T2>());
    };

    private void Add(Route route)
    {
        if (!_byFirstSegment.TryGetValue(route.FirstSegment, out var routes)) _byFirstSegment[route.FirstSegment] = routes = [];
        var index = routes.FindIndex(other => Route.CompareSpecificity(route, other) < 0);
        routes.Insert(index < 0 ? routes.Count : index, route);
    }
}
