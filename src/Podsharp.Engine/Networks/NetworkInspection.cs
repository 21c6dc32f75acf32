using Podsharp.Core.Containers;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <param name="Users">Containers that are on it now, each with its place.</param>
public sealed record NetworkInspection(Network Network, IReadOnlyList<(Container Container, Endpoint Endpoint)> Users);
