namespace Podsharp.Api.Http;

/// <summary>What a route does with a request.</summary>
/// <param name="services">The verbs; they come a moment after the listener, and the first requests wait for them.</param>
internal delegate Task RouteHandler(ApiRequest request, Task<IServiceProvider> services);

/// <summary>
/// One row of a <see cref="RouteTable"/>. A pattern is literals and parameters: <c>/containers/{name}/stop</c>; a parameter written
/// <c>{name...}</c> takes one or more segments, since image names hold slashes: <c>/images/{name...}/json</c>.
/// </summary>
internal sealed class Route
{
    private readonly string[] _segments;
    private readonly int _greedy = -1;

    public Route(string method, string pattern, RouteHandler handler)
    {
        if (pattern.Length < 2 || pattern[0] != '/') throw new ArgumentException($"bad route pattern {pattern}", nameof(pattern));
        Method = method;
        Pattern = pattern;
        Handler = handler;
        _segments = pattern[1..].Split('/');
        _greedy = Array.FindIndex(_segments, segment => segment.EndsWith("...}", StringComparison.Ordinal));
    }

    public string Method { get; }

    public string Pattern { get; }

    public RouteHandler Handler { get; }

    /// <summary>The response's stream is taken over: the connection outlives the client's half-close.</summary>
    public bool Hijacks { get; init; }

    /// <summary>Says only that the engine has no such thing; no operation of the API.</summary>
    public bool IsRefusal { get; init; }

    public string FirstSegment => _segments[0];

    /// <summary>Sorts literal before parameter before greedy parameter, segment by segment.</summary>
    public static int CompareSpecificity(Route left, Route right)
    {
        for (var i = 0; i < Math.Min(left._segments.Length, right._segments.Length); i++)
        {
            var order = Rank(left._segments[i]).CompareTo(Rank(right._segments[i]));
            if (order != 0) return order;
        }

        return right._segments.Length.CompareTo(left._segments.Length);
    }

    /// <summary>Compares with the path's segments, still percent-escaped.</summary>
    public bool Matches(ReadOnlySpan<string> path)
    {
        var extra = path.Length - _segments.Length;
        if (extra < 0 || (extra > 0 && _greedy < 0)) return false;

        for (var i = 0; i < _segments.Length; i++)
        {
            if (i == _greedy) continue;
            var actual = path[_greedy >= 0 && i > _greedy ? i + extra : i];
            if (_segments[i][0] == '{' ? actual.Length == 0 : actual != _segments[i]) return false;
        }

        return _greedy < 0 || !path.Slice(_greedy, extra + 1).Contains("");
    }

    /// <summary>The value of a parameter in a path that matches; escapes are decoded now, so that %2F never splits a name.</summary>
    public string Capture(ReadOnlySpan<string> path, string name)
    {
        var extra = path.Length - _segments.Length;
        for (var i = 0; i < _segments.Length; i++)
        {
            var inner = _segments[i].AsSpan().TrimStart('{').TrimEnd('}').TrimEnd('.');
            if (_segments[i][0] != '{' || !inner.SequenceEqual(name)) continue;
            if (i == _greedy) return Uri.UnescapeDataString(string.Join('/', path.Slice(i, extra + 1)!));
            return Uri.UnescapeDataString(path[_greedy >= 0 && i > _greedy ? i + extra : i]);
        }

        throw new ArgumentException($"the route {Pattern} has no parameter {name}", nameof(name));
    }

    private static int Rank(string segment) => segment[0] != '{' ? 0 : segment.EndsWith("...}", StringComparison.Ordinal) ? 2 : 1;
}
