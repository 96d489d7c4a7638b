import DLMFrontend

/// What the server is told about the world outside: it reads no file and no clock itself.
package protocol ServerHost: AnyObject {
  /// Data for programs in `folder`.
  func provider(folder: String) -> any DataProvider

  /// The text of a file; `nil` where there is none.
  func text(of path: String) -> String?

  func exists(_ path: String) -> Bool

  /// A number that changes when a file does, or a file in a folder; `nil` where there is neither.
  func stamp(of path: String) -> Int?

  /// Paths of the programs in a folder and those below it.
  func programs(below folder: String) -> [String]

  /// Names of the files and folders in a folder, the latter with `/` behind them.
  func names(in folder: String) -> [String]

  /// Ends the server soon after a process has: the editor that has started it.
  func end(with process: Int)

  /// Where an editor can read a file of the prelude; it is written there if need be.
  func preludeFile(_ name: String, _ text: String) -> String?
}
