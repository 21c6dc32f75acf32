using System.CommandLine;
using Podsharp.Cli.Connection;

namespace Podsharp.Cli.Commands;

/// <summary>The engine that a command line names.</summary>
internal delegate EngineClient Connect(ParseResult parsed);
