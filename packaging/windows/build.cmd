@echo off
rem Makes XiaobaoSetup-VERSION.exe on a real Windows PC. Needs Python 3.11 (64 bit, python.org) and NSIS 3.
rem Result: .build\windows\made\XiaobaoSetup-VERSION.exe below the project's folder.
setlocal
cd /d "%~dp0..\.."
set work=%CD%\.build\windows
set PYTHONUTF8=1

py -3.11 -c "import struct, sys; sys.exit(struct.calcsize('P') != 8)" || goto no_python
set makensis=makensis
where makensis >nul 2>nul || set makensis=%ProgramFiles(x86)%\NSIS\makensis.exe

if not exist "%work%\venv\Scripts\python.exe" py -3.11 -m venv "%work%\venv" || goto failed
"%work%\venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: --requirement packaging\requirements.lock || goto failed
if exist "%work%\made" rmdir /s /q "%work%\made"
"%work%\venv\Scripts\python.exe" packaging\windows\freeze.py "%work%\made" || goto failed
cd /d "%work%\made"
"%makensis%" -V2 -NOCD -INPUTCHARSET UTF8 "%~dp0setup.nsi" || goto failed
"%work%\venv\Scripts\python.exe" "%~dp0..\sbom.py" xiaobao xiaobao.cdx.json || goto failed
for %%f in (XiaobaoSetup-*.exe) do certutil -hashfile "%%f" SHA256
dir XiaobaoSetup-*.exe
exit /b 0

:no_python
echo Python 3.11 (64 bit) is needed: install it from python.org, with the launcher "py".
exit /b 1

:failed
echo The installer was not made; the reason stands above.
exit /b 1
